// Before the first paint, so that nobody who chose dark sees a white flash. A file, since inline scripts are forbidden.
try {
  const theme = localStorage.getItem('studio.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage the system's theme is shown.
}

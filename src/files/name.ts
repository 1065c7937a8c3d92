const longest = 200

/** Names that Windows keeps for devices, with any ending. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * A name that can be shown and saved anywhere: without folders, without what file systems or terminals take for something
 * else, and without the marks that make text run the other way, with which `gpj.exe` is shown as `exe.jpg`.
 */
export function safeName(given: string): string {
  const name = given
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  if (name === '') return 'file'
  return shortened(device.test(name) ? `_${name}` : name)
}

/** Keeps the ending, by which people and programs know what it is. */
function shortened(name: string): string {
  if (name.length <= longest) return name
  const ending = /\.[^.]{1,20}$/.exec(name)?.[0] ?? ''
  return `${name.slice(0, longest - ending.length)}${ending}`.toWellFormed()
}

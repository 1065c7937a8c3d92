/**
 * Where Studio's service is, and where these pages are. `index.html` says so when `asyncv studio build` has written it for
 * another host; otherwise both are at the root of the origin that the page came from.
 */

/** The origin of the service, such as `https://studio.example`; empty when it is the page's own. */
export const service = said('studio-service') ?? ''

/** The path that the pages are below; begins and ends with "/". */
export const base = said('studio-base') ?? '/'

function said(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`head > meta[name="${name}"]`)?.content
}

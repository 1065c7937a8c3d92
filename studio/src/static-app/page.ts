import { pagePolicy } from '../http/headers.ts'
import { StudioError } from '../studio-error.ts'

export interface PagePlace {
  /** The origin of the service that the page calls. */
  service: string
  /** The path that the pages are below; begins and ends with "/". */
  base: string
}

/** Where the build has begun to say what the page is; behind it, nothing of it is loaded yet. */
const beginning = '<meta charset="utf-8" />\n'
const ownPath = / (src|href)="\/(?!\/)/g

/**
 * `index.html` for another host: the one file that says where the service is. What the service says in headers to keep a page
 * safe is said in it as far as a page can: who may frame it is for the host to say (`main.tsx` draws in no frame all the same).
 */
export function pageFor({ service, base }: PagePlace, built: string): string {
  if (!built.includes(beginning) || built.search(ownPath) === -1) {
    throw new StudioError(
      'config_invalid',
      'The built web app of Studio has another index.html than this version knows.',
      'Install @asyncv/studio anew; in a clone, run: npm run build -- studio',
    )
  }
  const said = [
    `<meta http-equiv="Content-Security-Policy" content="${pagePolicy(`${service}/api/`).join('; ')}" />`,
    '<meta name="referrer" content="no-referrer" />',
    `<meta name="studio-service" content="${service}" />`,
    `<meta name="studio-base" content="${base}" />`,
  ]
  return built
    .replace(beginning, () => beginning + said.map((line) => `    ${line}\n`).join(''))
    .replaceAll(ownPath, (_, name: string) => ` ${name}="${base}`)
}

import type { Plugin } from 'vite'

const asked = '!root.head && root.adoptedStyleSheets'

/**
 * Has CodeMirror hand its styles to the document as constructed style sheets, as it does of itself in a shadow root alone. In a
 * page it writes them into a `style` element, which would need a hole in the content security policy.
 */
export function constructedStyles(): Plugin {
  return {
    name: 'constructed-styles',
    apply: 'build',
    transform: {
      filter: { id: /style-mod\/src\/style-mod\.js$/ },
      handler(code) {
        if (!code.includes(asked)) this.error(`style-mod no longer asks ${asked}: see how it adds styles now.`)
        return { code: code.replace(asked, 'root.adoptedStyleSheets'), map: null }
      },
    },
  }
}

const unknown = 'application/octet-stream'

/** What programs claim of files that are text; which text it is cannot be told by looking. */
const textual =
  /^(text\/[\w.+-]+|application\/(json|xml|yaml|toml|sql|x-ndjson|x-yaml|javascript|[\w.-]+\+(json|xml)))$/

/** What a file is, by its first bytes. What is claimed counts only where it is text. */
export async function mediaTypeOf(head: Uint8Array, claimed: string | undefined): Promise<string> {
  // Loaded with the first file: most programs never take one.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  if (found !== undefined) return found.mime
  if (!isText(head)) return unknown
  const type = claimed?.split(';')[0]?.trim().toLowerCase() ?? ''
  return textual.test(type) ? type : 'text/plain'
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  try {
    // It may end in the middle of a character.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Formats that the model services take as pictures and sound; everything else is a file to them. */
export function kindOf(mediaType: string): 'image' | 'audio' | 'file' {
  if (/^image\/(png|jpeg|gif|webp)$/.test(mediaType)) return 'image'
  return /^audio\/(mpeg|wav|vnd\.wave)$/.test(mediaType) ? 'audio' : 'file'
}

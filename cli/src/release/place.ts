/** Places of a document, for people: the line of the file where it is JSON. */
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import { cleanLine } from '../terminal/clean.ts'
import type { Problem, ReleaseFile } from './file.ts'

/** One line for each problem: `asyncv.config.json:12  /agents/0/model: …`, in the order of the file. */
export function describeProblems(
  { name, json }: Pick<ReleaseFile, 'name' | 'json'>,
  problems: readonly Problem[],
): string[] {
  const root = json === null ? undefined : parseTree(json)
  const found = problems.map(({ pointer, detail }) => ({ pointer, detail, line: lineOf(pointer, root, json ?? '') }))
  return found
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
    .map(({ pointer, detail, line }) => {
      const place = line === null ? name : `${name}:${line}`
      return `${place}  ${cleanLine(pointer === '' ? detail : `${pointer}: ${detail}`)}`
    })
}

/** From 1. Of what is not there, that of what it should be in. */
function lineOf(pointer: string, root: Node | undefined, json: string): number | null {
  if (root === undefined) return null
  let path = stepsOf(pointer, root)
  let node = findNodeAtLocation(root, path)
  while (node === undefined && path.length > 0) {
    path = path.slice(0, -1)
    node = findNodeAtLocation(root, path)
  }
  // Of a pair, where its key stands: a value may begin lines below.
  const at = node?.parent?.type === 'property' ? node.parent.offset : (node?.offset ?? 0)
  return json.slice(0, at).split('\n').length
}

/** Which steps are indexes, the document tells: a connector may be called "0". */
function stepsOf(pointer: string, root: Node): (string | number)[] {
  const path: (string | number)[] = []
  for (const step of pointer.split('/').slice(1)) {
    const inList = findNodeAtLocation(root, path)?.type === 'array'
    path.push(inList ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return path
}

import type { CallToolResult } from '@modelcontextprotocol/server'
import type { ProblemDocument } from '../problem.ts'

/** What a failed call says: to the model in words, to the program that called as the problem that REST would answer. */
export function failure(problem: ProblemDocument): CallToolResult {
  const { code, detail, hint, task } = problem
  const text = [`${code}: ${detail}`, hint, task && `Task: ${task}`].filter(Boolean).join(' ')
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'asyncv/problem': problem } }
}

import type { Words } from '../../words/english.ts'

/** What a place in an agent is called. */
export function agentLabel(pointer: string, words: Words): string {
  const [, first = '', second = ''] = pointer.split('/')
  const { limits, ...names } = words.agents.places
  if (first === 'limits' && second !== '') {
    return `${words.agents.limits} › ${Object.hasOwn(limits, second) ? limits[second as keyof typeof limits] : second}`
  }
  if (first === 'limits') return words.agents.limits
  const name = Object.hasOwn(names, first) ? names[first as keyof typeof names] : first
  return second === '' ? name : `${name} ${Number.isInteger(Number(second)) ? Number(second) + 1 : second}`
}

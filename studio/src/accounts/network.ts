/** What stands for an address when it is counted: who has one IPv6 address has 2^64 of them. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [front = '', back] = address.split('::')
  const groups = front === '' ? [] : front.split(':')
  const missing = back === undefined ? 0 : 8 - groups.length - (back === '' ? 0 : back.split(':').length)
  return [...groups, ...Array(Math.max(0, missing)).fill('0'), ...(back ?? '').split(':')].slice(0, 4).join(':')
}

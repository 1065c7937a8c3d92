/** EXPERIMENT */
const [rule = 'A', a = '0', b = '0', c = '0'] = (process.env['RULE'] ?? 'A').split(',')
const A = Number(a),
  B = Number(b),
  C = Number(c)
interface B {
  riders: number
  turns: number
  started?: number
  last?: number
  quiet?: number
}
export class Departure {
  average = 1
  turnsTotal = 0
  waits(bus: B): boolean {
    if (rule === 'A') return false
    if (this.average < (C || 3)) return false
    bus.started ??= performance.now()
    const fresh = bus.riders - (bus.last ?? 0)
    bus.last = bus.riders
    bus.turns++
    this.turnsTotal++
    const age = performance.now() - bus.started
    switch (rule) {
      // quiet for A turns, at most B ms
      case 'Q':
        bus.quiet = fresh === 0 ? (bus.quiet ?? 0) + 1 : 0
        return bus.quiet < A && age < B
      // A ms
      case 'T':
        return age < A
      // at most A turns
      case 'N':
        return bus.turns < A
      // A times the average, at most B ms
      case 'P':
        return bus.riders < A * this.average && age < B
    }
    return false
  }
  left(bus: B): void {
    this.average = this.average * 0.75 + bus.riders * 0.25
  }
}

import type { Language } from './language.ts'

/** How a language writes what is not a word. Times are milliseconds since 1970, durations milliseconds. */
export interface Formats {
  /** `12,480`. */
  number(value: number): string
  /** `12.5K`, for charts and tiles. */
  compact(value: number): string
  /** `0.00042`, `12.3`: what something cost, in whatever currency prices are counted in. */
  cost(value: number): string
  /** `3 Mar 2026, 14:05:09`. */
  time(at: number): string
  /** `3 Mar 2026`. */
  date(at: number): string
  /** `14:05:09.250`: lines of a log. */
  clock(at: number): string
  /** `5 minutes ago`; `now` is given, so that one clock moves all that is on a page. */
  relative(at: number, now: number): string
  /** `850 ms`, `1.24 s`, `3 min 5 s`, `2 h 10 min`. */
  duration(ms: number): string
  /** `1.2 MB`, in powers of 1,024. */
  bytes(value: number): string
  /** `a, b and c`. */
  list(items: readonly string[]): string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export function formatsOf(language: Language): Formats {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  const list = new Intl.ListFormat(locale)
  const units = language === 'zh' ? chineseUnits : englishUnits

  return {
    number: (value) => number.format(value),
    cost: (value) => (value >= 100 ? number : small).format(value),
    compact: (value) => compact.format(value),
    time: (at) => time.format(at),
    date: (at) => date.format(at),
    clock: (at) => clock.format(at),
    relative(at, now) {
      const passed = at - now
      const size = Math.abs(passed)
      if (size < 5_000) return relative.format(0, 'second')
      if (size < minute) return relative.format(Math.trunc(passed / 1_000), 'second')
      if (size < hour) return relative.format(Math.trunc(passed / minute), 'minute')
      if (size < day) return relative.format(Math.trunc(passed / hour), 'hour')
      if (size < 30 * day) return relative.format(Math.trunc(passed / day), 'day')
      return date.format(at)
    },
    duration(ms) {
      if (ms < 1_000) return `${number.format(Math.round(ms))} ${units.ms}`
      if (ms < 10_000) return `${(ms / 1_000).toFixed(2)} ${units.second}`
      if (ms < minute) return `${(ms / 1_000).toFixed(1)} ${units.second}`
      if (ms < hour) return two(ms, minute, 1_000, units.minute, units.second)
      if (ms < day) return two(ms, hour, minute, units.hour, units.minute)
      return two(ms, day, hour, units.day, units.hour)
    },
    bytes(value) {
      const steps = ['B', 'KB', 'MB', 'GB', 'TB']
      const step = value < 1 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log2(value) / 10))
      const size = value / 1024 ** step
      return `${step === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${steps[step]}`
    },
    // Chinese puts spaces around Latin names, which ICU does not.
    list: (items) => (language === 'zh' ? items.join('、') : list.format(items)),
  }
}

const englishUnits = { ms: 'ms', second: 's', minute: 'min', hour: 'h', day: 'd' }
const chineseUnits = { ms: '毫秒', second: '秒', minute: '分', hour: '小时', day: '天' }

function two(ms: number, large: number, small: number, largeUnit: string, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small)
  const head = `${Math.floor(ms / large)} ${largeUnit}`
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`
}

import { dayOf, localOf, wallAt, weekdayOf, yearOf, zoneOf, type Wall, type When } from './when'

const NINE = 9 * 60
const MINUTE = 60_000_000
/** Longer phrases are no times. */
const LONGEST = 48

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const WEEKDAYS = 'mon tue wed thu fri sat sun'.split(' ')
const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?'
const NUMBER = '\\d{1,4}|[一二两三四五六七八九十]{1,3}'

const REL_EN =
  /^in\s+(?:(half an?|an?|\d{1,4})\s*)(minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)$|^(?:an?)\s+(hour|week|day)\s+from\s+now$/
const REL_ZH = new RegExp(
  `^(?:(${NUMBER})个?(半)?|(半)个?)\\s*(分钟|分|小时|钟头|天|周|星期|礼拜)(半)?\\s*(?:之|以)?后$`,
)

const DAY_EN = new RegExp(
  `^(?:on\\s+)?(?:(today|tonight|tomorrow|tmrw?|(?:the )?day after tomorrow|next week)|(next|this)?\\s*(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(\\d{4})-(\\d{1,2})-(\\d{1,2})|${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?|(\\d{1,2})(?:st|nd|rd|th)?\\s+${MONTH})$`,
)
const TIME_EN =
  /^(?:(?:at\s+)?(?:(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\.?|(\d{1,2}):(\d{2})|(noon|midday))|at\s+(\d{1,2}))$/

const DAY_ZH =
  /^(?:(今天|今日|今晚|明天|明日|明早|明晚|后天|大后天|下周|下星期|下礼拜)|(这|本|下)?个?(?:周|星期|礼拜)([一二三四五六日天])|(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号])$/
const TIME_ZH = new RegExp(
  `^(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?(?:(${NUMBER})[点时]钟?(?:(半)|(一刻|三刻)|(${NUMBER})分?)?整?|(\\d{1,2}):(\\d{2}))$`,
)

const DIGITS: Record<string, number> = {
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

/** Arabic or Chinese, to 99. */
function number(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  const ten = text.indexOf('十')
  if (ten < 0) return DIGITS[text] ?? NaN
  const tens = ten === 0 ? 1 : (DIGITS[text.slice(0, ten)] ?? NaN)
  const ones = ten === text.length - 1 ? 0 : (DIGITS[text.slice(ten + 1)] ?? NaN)
  return tens * 10 + ones
}

/** Where the clock of whoever asks stands. */
export interface Asked {
  /** Microseconds. */
  now: number
  zone: string | undefined
}

interface Day {
  day: number
  /** Without a time, this one. */
  minute?: number
  /** 12 hours later where the time says neither morning nor evening, as in “tonight at 8”. */
  evening?: boolean
  /** Named by weekday only: may be today, if the time is still to come. */
  again?: number
}

/**
 * The moment that a whole phrase means, in English or Chinese: “in 20 minutes”, “tomorrow 9am”, “next Monday”,
 * “明天上午9点”, “30分钟后”, “下周一”. Null for anything else, and for what is past.
 */
export function readWhen(phrase: string, asked: Asked): When | null {
  const text = phrase
    .trim()
    .toLowerCase()
    .replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
    .replace(/：/g, ':')
    .replace(/\s+/g, ' ')
  if (!text || text.length > LONGEST) return null
  const zone = zoneOf(asked.zone)
  const wall = wallAt(asked.now, zone)
  const after = relative(text)
  if (after) {
    if ('minutes' in after) return { at: asked.now + after.minutes * MINUTE }
    return { local: localOf({ day: wall.day + after.days, minute: wall.minute }), zone }
  }
  const meant = absolute(text, wall)
  return meant && isAfter(meant, wall) ? { local: localOf(meant), zone } : null
}

const isAfter = (a: Wall, b: Wall) => a.day > b.day || (a.day === b.day && a.minute > b.minute)

function relative(text: string): { minutes: number } | { days: number } | null {
  const en = REL_EN.exec(text)
  if (en) {
    const [, many, unit, single] = en
    const count = !many || /^an?$/.test(many) ? 1 : many.startsWith('half') ? 0.5 : Number(many)
    return span(count, (unit ?? single)![0]!)
  }
  const zh = REL_ZH.exec(text)
  if (!zh) return null
  const [, many, half, onlyHalf, unit, halfBehind] = zh
  const count = onlyHalf ? 0.5 : number(many!) + (half || halfBehind ? 0.5 : 0)
  return span(count, unit!.startsWith('分') ? 'm' : /小时|钟头/.test(unit!) ? 'h' : unit === '天' ? 'd' : 'w')
}

function span(count: number, unit: string): { minutes: number } | { days: number } | null {
  if (!(count > 0)) return null
  if (unit === 'm') return { minutes: Math.max(1, Math.round(count)) }
  if (unit === 'h') return { minutes: Math.round(count * 60) }
  const days = unit === 'd' ? count : count * 7
  return Number.isInteger(days) ? { days } : null
}

/** A day, a time, or both in either order. */
function absolute(text: string, now: Wall): Wall | null {
  const day = readDay(text, now)
  if (day) return at(day, null, now)
  const time = readTime(text)
  if (time) {
    const today = at({ day: now.day }, time, now)
    return isAfter(today, now) ? today : at({ day: now.day + 1 }, time, now)
  }
  for (let cut = 1; cut < text.length; cut++) {
    const [head, tail] = [
      text.slice(0, cut).replace(/[\s,，的]+$/, ''),
      text.slice(cut).replace(/^[\s,，的]+/, ''),
    ]
    // Latin words are cut at their ends only.
    if (/[a-z0-9]$/.test(text.slice(0, cut)) && /^[a-z0-9]/.test(text.slice(cut))) continue
    const first = readDay(head, now)
    const last = first && readTime(tail)
    if (first && last) return at(first, last, now)
    const early = readTime(head)
    const late = early && readDay(tail, now)
    if (early && late) return at(late, early, now)
  }
  return null
}

function at(day: Day, time: Time | null, now: Wall): Wall {
  let minute = time?.minute ?? day.minute ?? NINE
  if (time?.open && day.evening && minute < 12 * 60) minute += 12 * 60
  const today = day.again !== undefined && time && isAfter({ day: day.again, minute }, now)
  return { day: today ? day.again! : day.day, minute }
}

function readDay(text: string, now: Wall): Day | null {
  const en = DAY_EN.exec(text)
  if (en) {
    const [, word, which, weekday, year, month, date, monthName, monthDate, dateFirst, monthLast] = en
    if (word) return named(word, now)
    if (weekday) return onWeekday(WEEKDAYS.indexOf(weekday.slice(0, 3)), which === 'next', now)
    if (year) return calendar(Number(year), Number(month), Number(date), now)
    return calendar(null, MONTHS.indexOf((monthName ?? monthLast)!) + 1, Number(monthDate ?? dateFirst), now)
  }
  const zh = DAY_ZH.exec(text)
  if (!zh) return null
  const [, word, which, weekday, year, month, date] = zh
  if (word) return named(word, now)
  if (weekday) return onWeekday(Math.min(6, '一二三四五六日天'.indexOf(weekday)), which === '下', now)
  return calendar(year ? Number(year) : null, Number(month), Number(date), now)
}

function named(word: string, { day }: Wall): Day {
  if (/^(today|今天|今日)$/.test(word)) return { day }
  if (/^(tonight|今晚)$/.test(word)) return { day, minute: 20 * 60, evening: true }
  if (/^(tomorrow|tmrw?|明天|明日|明早)$/.test(word)) return { day: day + 1 }
  if (word === '明晚') return { day: day + 1, minute: 20 * 60, evening: true }
  if (/day after tomorrow|^后天$/.test(word)) return { day: day + 2 }
  if (word === '大后天') return { day: day + 3 }
  return { day: day + 7 - weekdayOf(day) }
}

/** Weeks begin on Monday; a weekday alone is the coming one. */
function onWeekday(weekday: number, next: boolean, { day }: Wall): Day {
  if (next) return { day: day - weekdayOf(day) + 7 + weekday }
  const ahead = (weekday - weekdayOf(day) + 7) % 7
  return ahead === 0 ? { day: day + 7, again: day } : { day: day + ahead }
}

function calendar(year: number | null, month: number, date: number, now: Wall): Day | null {
  const thisYear = yearOf(now.day)
  const day = dayOf(year ?? thisYear, month, date)
  if (day === null) return null
  if (year !== null || day >= now.day) return { day }
  const next = dayOf(thisYear + 1, month, date)
  return next === null ? null : { day: next }
}

interface Time {
  minute: number
  /** It says neither morning nor evening. */
  open: boolean
}

function readTime(text: string): Time | null {
  const en = TIME_EN.exec(text)
  if (en) {
    const [, twelve, past, half, clock, minutes, noon, bare] = en
    if (noon) return { minute: 12 * 60, open: false }
    if (twelve) {
      const hour = Number(twelve)
      if (hour < 1 || hour > 12) return null
      return time((hour % 12) + (half === 'p' ? 12 : 0), Number(past ?? 0), false)
    }
    return time(Number(clock ?? bare), Number(minutes ?? 0), Number(clock ?? bare) <= 12)
  }
  const zh = TIME_ZH.exec(text)
  if (!zh) return null
  const [, part, hours, half, quarter, minutes, clock, past] = zh
  const minute = half ? 30 : quarter ? (quarter === '一刻' ? 15 : 45) : minutes ? number(minutes) : 0
  const hour = clock ? Number(clock) : number(hours!)
  const late = part && /下午|傍晚|晚/.test(part) && hour < 12
  const noon = part === '中午' && hour < 3
  return time(hour + (late || noon ? 12 : 0), clock ? Number(past) : minute, !part && hour <= 12)
}

function time(hour: number, minute: number, open: boolean): Time | null {
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? { minute: hour * 60 + minute, open } : null
}

/** A moment found in a text, and what is left of it. */
export interface FoundWhen {
  when: When
  rest: string
}

/** The moment at the end of a text, else at its start. The longest phrase that means one is taken. */
export function findWhen(text: string, asked: Asked): FoundWhen | null {
  const words = text.trim()
  const from = Math.max(0, words.length - LONGEST)
  for (let cut = from; cut < words.length; cut++) {
    if (!between(words, cut)) continue
    const when = readWhen(words.slice(cut), asked)
    if (when) return { when, rest: words.slice(0, cut).trim() }
  }
  for (let cut = Math.min(LONGEST, words.length - 1); cut > 0; cut--) {
    if (!between(words, cut)) continue
    const when = readWhen(words.slice(0, cut), asked)
    if (when) return { when, rest: words.slice(cut).trim() }
  }
  return null
}

/** Whether a text may be cut there: not inside a Latin word or a number. */
const between = (text: string, cut: number) =>
  cut === 0 || !(/[A-Za-z0-9:]$/.test(text.slice(0, cut)) && /^[A-Za-z0-9:]/.test(text.slice(cut)))

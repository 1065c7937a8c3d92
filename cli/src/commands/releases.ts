import type { Release, WholeRelease } from 'asyncv'
import { listQuery } from '../calling/list-query.ts'
import { endWithReader, print, printJson, talk } from '../output.ts'
import { openReleaseDesk, type ReleaseDesk } from '../release/desk.ts'
import { differenceOf } from '../release/difference.ts'
import { revisionOf } from '../release/revision.ts'
import { cleanLine } from '../terminal/clean.ts'
import { brief, drawDifference } from '../terminal/difference.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { momentFor } from '../terminal/time.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** What each page says of its releases has to be computed from the documents; this many fit a screen. */
const usualLimit = '20'

/** `asyncv releases list`: what ran when, newest first. */
export async function list(flags: Flags): Promise<void> {
  endWithReader()
  const { limit = usualLimit, cursor } = listQuery(flags)
  const desk = await openReleaseDesk(flags)
  const [{ current }, page] = await Promise.all([desk.state(), desk.list({ limit, cursor })])
  if (flags['json']) return printJson({ ...page, current: current?.revision ?? null })
  if (page.data.length === 0) return talk(words.releases.none, flags)
  const changes = await briefs(desk, page.data)
  const on = screen()
  const { releases } = words
  const marked = ({ revision }: Release): boolean => revision === current?.revision
  print(
    tableOf(
      page.data,
      [
        {
          heading: releases.revision,
          cell: (release) => `${marked(release) ? '*' : ' '} ${release.revision}`,
          paint: (text, release) => (marked(release) ? on.paint.green(text) : text),
        },
        { heading: releases.at, cell: ({ appliedAt }) => momentFor(appliedAt, on) },
        { heading: releases.publisher, cell: ({ publisher }) => cleanLine(publisher) },
        {
          heading: releases.changes,
          cell: ({ revision, forced }) => `${forced ? `${releases.forced}: ` : ''}${changes.get(revision) ?? ''}`,
          flexible: true,
        },
      ],
      on,
    ),
  )
  if (page.nextCursor !== null) talk(words.lists.goOn(page.nextCursor), flags)
}

/** How many documents are asked for at once. */
const atOnce = 5

/** What each release changed in the one before it. */
async function briefs(desk: ReleaseDesk, releases: readonly Release[]): Promise<Map<number, string>> {
  const revisions = releases.map(({ revision }) => revision)
  const wanted = [...new Set(revisions.flatMap((revision) => [revision, revision - 1]))].filter((one) => one > 0)
  const whole = new Map<number, WholeRelease>()
  for (let at = 0; at < wanted.length; at += atOnce) {
    const some = wanted.slice(at, at + atOnce).map(async (revision) => {
      // The oldest that are kept come after one that is not.
      const release = await desk.get(revision).catch(() => null)
      if (release !== null) whole.set(revision, release)
    })
    await Promise.all(some)
  }
  return new Map(revisions.map((revision) => [revision, briefOf(whole.get(revision), whole.get(revision - 1))]))
}

function briefOf(release: WholeRelease | undefined, before: WholeRelease | undefined): string {
  const { releases, deploy } = words
  if (release === undefined) return ''
  if (release.revision === 1) return releases.first
  if (before === undefined) return releases.unknownBefore
  const changes = differenceOf(before.document, release.document)
  if (changes.length > 0) return brief(changes)
  return before.hash === release.hash ? releases.sameAs : deploy.onlyOrder
}

/** `asyncv releases show N`: all that it says. With `--json` it is the document alone, which `deploy` takes. */
export async function show(flags: Flags, given: string): Promise<void> {
  endWithReader()
  const revision = revisionOf(given)
  const release = await (await openReleaseDesk(flags)).get(revision)
  if (flags['json']) return printJson(release.document)
  const on = screen()
  print([...headOf(release, on), '', drawDifference(differenceOf(null, release.document), on)].join('\n'))
}

function headOf(release: WholeRelease, on: Screen): string[] {
  const { releases } = words
  const { revision, publisher, appliedAt, by, sequence, hash, forced } = release
  const who = cleanLine(by.name ?? by.id)
  return [
    on.paint.bold(releases.head(revision, cleanLine(publisher))),
    `  ${releases.appliedBy(momentFor(appliedAt, on), who)}${forced ? ` (${releases.forced})` : ''}`,
    `  ${releases.sequence(sequence)}`,
    `  ${on.paint.dim(releases.hash(hash))}`,
  ]
}

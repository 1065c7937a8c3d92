import type { ComponentProps, MouseEvent } from 'react'
import { download } from '../ui/download.ts'
import { toast } from '../ui/toast.ts'
import { useWords } from '../words/words.tsx'
import { service } from './place.ts'
import { tell } from './problem.ts'
import { address, type RequestOptions, send } from './request.ts'

/** ms; a long log takes its time. */
const longestMs = 10 * 60_000

export interface DownloadLinkProps extends Omit<ComponentProps<'a'>, 'href' | 'download'> {
  path: string
  query?: RequestOptions['query']
}

/**
 * A link to what Studio gives out as a file. The browser takes it by itself, piece by piece, where its cookie goes along; on
 * another host the page asks for it, as a link can say no token.
 */
export function DownloadLink({ path, query, onClick, ...props }: DownloadLinkProps) {
  const words = useWords()
  const take = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    if (service === '') return
    event.preventDefault()
    takeFile(path, query).catch((error) => toast(tell(error, words).title, { kind: 'danger' }))
  }
  return <a {...props} href={address(path, query)} download="" onClick={take} />
}

async function takeFile(path: string, query: RequestOptions['query']): Promise<void> {
  const answer = await send(path, { query, timeoutMs: longestMs })
  const [, name = 'studio'] = /filename="([^"/\\]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? []
  download(name, answer.headers.get('content-type') ?? '', [await answer.blob()])
}

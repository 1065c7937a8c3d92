import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

/** A name, an id, a value, inside a sentence or a cell. */
export function Code({ children }: { children: ReactNode }) {
  return <code className="break-words font-mono text-[0.92em]">{children}</code>
}

/** Something to be copied whole: a command, a link, a key that is shown once. */
export function CodeLine({ text, label }: { text: string; label?: string }) {
  return (
    <div className="flex items-start gap-1 rounded-md border border-edge bg-sunken py-0.5 pr-0.5 pl-3">
      <code className="min-w-0 flex-1 whitespace-pre-wrap py-1 font-mono text-sm">
        {text.split(/(\s+)/).map((word, at) => (
          // A line ends between words, since the half of a "--" is another flag; only what is wider than a line is broken.
          // biome-ignore lint/suspicious/noArrayIndexKey: the same words are at the same places.
          <span key={at} className={word.trim() === '' ? undefined : 'inline-block max-w-full wrap-anywhere'}>
            {word}
          </span>
        ))}
      </code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

/** Several lines as they are; wide ones scroll. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable without a pointer.
    <section className="relative rounded-md border border-edge bg-sunken" aria-label={label} tabIndex={0}>
      <pre className="max-h-112 overflow-auto p-3 pr-10 font-mono text-sm">{text}</pre>
      <span className="absolute top-1 right-1">
        <CopyButton text={text} />
      </span>
    </section>
  )
}

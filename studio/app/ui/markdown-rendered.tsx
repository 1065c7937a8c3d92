import Rendered, { type Components } from 'react-markdown'
import gfm from 'remark-gfm'

const components: Components = {
  // An address that is not safe to follow is left out by react-markdown: then it is no link.
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-accent underline">
        {children}
      </a>
    ) : (
      children
    ),
  img: ({ src, alt }) => (
    <a
      href={typeof src === 'string' ? src : undefined}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline"
    >
      {alt || src}
    </a>
  ),
  p: ({ children }) => (
    <p dir="auto" className="my-2 break-words first:mt-0 last:mb-0">
      {children}
    </p>
  ),
  ul: ({ children }) => <ul className="my-2 list-disc pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="my-2 list-decimal pl-5">{children}</ol>,
  // Headings of a message are no headings of the page.
  h1: ({ children }) => <p className="mt-4 mb-1 font-semibold text-lg first:mt-0">{children}</p>,
  h2: ({ children }) => <p className="mt-4 mb-1 font-semibold first:mt-0">{children}</p>,
  h3: ({ children }) => <p className="mt-3 mb-1 font-medium first:mt-0">{children}</p>,
  h4: ({ children }) => <p className="mt-3 mb-1 font-medium first:mt-0">{children}</p>,
  code: ({ children }) => <code className="rounded-sm bg-hover px-1 py-px font-mono text-[0.92em]">{children}</code>,
  pre: ({ children }) => (
    <pre className="my-2 overflow-x-auto rounded-md border border-edge bg-sunken p-3 text-sm [&>code]:bg-transparent [&>code]:p-0">
      {children}
    </pre>
  ),
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-edge border-l-2 pl-3 text-soft">{children}</blockquote>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="text-sm [&_td]:border-line [&_td]:border-b [&_td]:px-2 [&_td]:py-1 [&_th]:border-edge [&_th]:border-b [&_th]:px-2 [&_th]:py-1 [&_th]:text-left">
        {children}
      </table>
    </div>
  ),
  hr: () => <hr className="my-3 border-line" />,
}

const plugins = [gfm]

/** Loaded with the first text that needs it. React elements are made of the tree; no HTML is ever parsed or set. */
export default function MarkdownRendered({ text }: { text: string }) {
  return (
    <div className="min-w-0" dir="auto">
      <Rendered remarkPlugins={plugins} components={components}>
        {text}
      </Rendered>
    </div>
  )
}

import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../words/words.tsx'
import { IconButton } from './icon-button.tsx'

export interface CopyButtonProps {
  text: string
  /** What it copies; default "Copy". */
  label?: string
}

/** Puts a text on the clipboard, and shows for 2 s that it did. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const { ui } = useWords()
  const [done, setDone] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <>
      <IconButton
        label={done ? ui.copied : (label ?? ui.copy)}
        icon={done ? <Check className="size-4 text-ok" aria-hidden /> : <Copy className="size-4" aria-hidden />}
        small
        onClick={() => {
          void write(text).then((copied) => {
            setDone(copied)
            clearTimeout(timer.current)
            timer.current = setTimeout(() => setDone(false), 2_000)
          })
        }}
      />
      <span role="status" className="sr-only">
        {done ? ui.copied : ''}
      </span>
    </>
  )
}

/** The clipboard API needs https or this host; elsewhere a hidden field and the old command do. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.style.position = 'fixed'
    field.style.opacity = '0'
    document.body.append(field)
    field.select()
    const copied = document.execCommand('copy')
    field.remove()
    return copied
  }
}

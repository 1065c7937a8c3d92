import { Link, type LinkProps } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { buttonClasses } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useWords } from '../../words/words.tsx'

/** In the order in which each needs those before it. */
export const firstSteps = ['runtime', 'provider', 'agent', 'connector', 'route', 'release'] as const

export type FirstStep = (typeof firstSteps)[number]

const places: Record<FirstStep, Pick<LinkProps, 'to' | 'search'>> = {
  runtime: { to: '/settings/runtimes' },
  provider: { to: '/providers', search: { create: true } },
  agent: { to: '/agents', search: { create: true } },
  connector: { to: '/connectors', search: { create: true } },
  route: { to: '/routes', search: { create: true } },
  release: { to: '/releases/changes' },
}

/** From nothing to an agent that answers in a chat: what is done, what comes next, and why. */
export function FirstSteps({ done, may }: { done: Record<FirstStep, boolean>; may: Record<FirstStep, boolean> }) {
  const words = useWords().start
  const next = firstSteps.find((step) => !done[step])
  return (
    <ol className="max-w-3xl">
      {firstSteps.map((step, at) => (
        <li
          key={step}
          aria-current={step === next ? 'step' : undefined}
          className="flex flex-wrap items-start gap-x-4 gap-y-3 border-line border-b py-4 first:border-t"
        >
          <span
            className={classes(
              'mt-px grid size-6 shrink-0 place-items-center rounded-full font-medium text-xs',
              done[step] ? 'bg-ok-soft text-ok' : step === next ? 'bg-accent-fill text-white' : 'bg-chosen text-soft',
            )}
          >
            {done[step] ? <Check className="size-3.5" aria-label={words.done} /> : at + 1}
          </span>
          <div className="min-w-0 flex-1 basis-60">
            <p className={done[step] ? 'text-soft' : 'font-medium'}>{words.steps[step].title}</p>
            <p className="text-soft text-sm">{words.steps[step].text}</p>
          </div>
          {!done[step] && may[step] && (
            <Link {...places[step]} className={buttonClasses(step === next ? 'primary' : 'quiet')}>
              {words.steps[step].action}
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}

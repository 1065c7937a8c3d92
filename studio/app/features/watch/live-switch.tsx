import { Pause, Play } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'

export interface LiveSwitchProps {
  /** It is not paused. */
  on: boolean
  onChange(on: boolean): void
  /** The runtime does not answer, so nothing can be live. */
  lost?: boolean
}

/** Whether a list moves while one looks at it. */
export function LiveSwitch({ on, onChange, lost = false }: LiveSwitchProps) {
  const words = useWords().watch
  return (
    <div className="flex items-center gap-3">
      <span className="text-sm text-soft" role="status">
        {on && !lost ? (
          <Status kind="ok" live>
            {words.live}
          </Status>
        ) : (
          <Status kind="muted">{on ? words.notLive : words.paused}</Status>
        )}
      </span>
      <Button
        size="small"
        icon={on ? <Pause className="size-3.5" aria-hidden /> : <Play className="size-3.5" aria-hidden />}
        onClick={() => onChange(!on)}
      >
        {on ? words.pause : words.goOn}
      </Button>
    </div>
  )
}

import { ArrowRight } from 'lucide-react'
import { type Content, withValue } from '../../api/content.ts'
import { type Choice, Select } from '../../ui/select.tsx'
import { useWords } from '../../words/words.tsx'

export interface RouteFieldsProps {
  content: Content
  change(content: Content): void
  errorAt(pointer: string): string | undefined
  readOnly: boolean
  agents: readonly Choice<string>[]
  connectors: readonly Choice<string>[]
  /** The connector can be chosen once: a route is called like it. */
  isNew: boolean
}

/** From which connector to which agent. */
export function RouteFields({ content, change, errorAt, readOnly, agents, connectors, isNew }: RouteFieldsProps) {
  const words = useWords().routes
  const [connector, agent] = [textAt(content, 'connector'), textAt(content, 'agent')]
  return (
    <div className="grid max-w-3xl items-start gap-x-3 gap-y-4 sm:grid-cols-[1fr_auto_1fr]">
      <Select
        label={words.connector}
        hint={isNew ? words.connectorHint : words.connectorFixed}
        disabled={readOnly || !isNew}
        placeholder={words.chooseConnector}
        value={connector}
        choices={withGone(connectors, connector)}
        onChange={(value) => change(withValue(content, ['connector'], value))}
        error={errorAt('/connector')}
      />
      <ArrowRight className="mt-8 size-4 text-faint max-sm:hidden" aria-hidden />
      <Select
        label={words.agent}
        hint={words.agentHint}
        disabled={readOnly}
        placeholder={words.chooseAgent}
        value={agent}
        choices={withGone(agents, agent)}
        onChange={(value) => change(withValue(content, ['agent'], value))}
        error={errorAt('/agent')}
      />
    </div>
  )
}

/** What is named and not there any more is shown all the same. */
function withGone(choices: readonly Choice<string>[], value: string | null): readonly Choice<string>[] {
  return value === null || choices.some((one) => one.value === value) ? choices : [{ value, label: value }, ...choices]
}

function textAt(content: Content, key: string): string | null {
  const value = content[key]
  return typeof value === 'string' && value !== '' ? value : null
}

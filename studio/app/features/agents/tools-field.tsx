import type { Installed } from '../../api/runtime-parts.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Badge, type StatusKind } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'

type Tool = Installed['tools'][number]

export interface ToolsFieldProps {
  value: readonly string[]
  onChange(value: string[]): void
  tools: readonly Tool[] | null
  readOnly: boolean
  errorAt(pointer: string): string | undefined
}

const effects: Record<Tool['effect'], StatusKind> = { read: 'muted', idempotent: 'info', once: 'warn' }

/** What the agent may do, of all that its runtime has. */
export function ToolsField({ value, onChange, tools, readOnly, errorAt }: ToolsFieldProps) {
  const words = useWords().agents
  const known = tools ?? []
  const missing = value.filter((name) => !known.some((tool) => tool.name === name))
  const toggle = (name: string, isOn: boolean): void =>
    onChange(isOn ? [...value, name] : value.filter((one) => one !== name))
  const problem = errorAt('/tools')
  return (
    <fieldset disabled={readOnly} className="flex flex-col gap-2.5">
      <legend className="mb-1 font-medium text-sm">{words.tools}</legend>
      {tools === null && <p className="text-faint text-xs">{words.toolsUnknown}</p>}
      {tools !== null && known.length === 0 && <p className="text-faint text-xs">{words.noTools}</p>}
      {known.map((tool) => (
        <Checkbox
          key={tool.name}
          checked={value.includes(tool.name)}
          onChange={(isOn) => toggle(tool.name, isOn)}
          disabled={readOnly}
          label={
            <span className="flex flex-wrap items-center gap-x-2">
              <span className="font-mono">{tool.name}</span>
              <Badge kind={effects[tool.effect]}>{words.effects[tool.effect]}</Badge>
            </span>
          }
          hint={tool.description}
        />
      ))}
      {missing.map((name) => (
        <div key={name}>
          <Checkbox
            checked
            onChange={() => toggle(name, false)}
            disabled={readOnly}
            label={<span className="font-mono">{name}</span>}
            hint={tools === null ? undefined : words.toolMissing}
          />
          {errorAt(`/tools/${value.indexOf(name)}`) && (
            <p className="ml-6 text-danger text-xs">{errorAt(`/tools/${value.indexOf(name)}`)}</p>
          )}
        </div>
      ))}
      {problem && <p className="text-danger text-xs">{problem}</p>}
    </fieldset>
  )
}

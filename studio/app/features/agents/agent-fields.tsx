import { type Content, withValue } from '../../api/content.ts'
import type { Installed } from '../../api/runtime-parts.ts'
import { Panes } from '../../ui/panes.tsx'
import { Select, type Choice } from '../../ui/select.tsx'
import { useWords } from '../../words/words.tsx'
import { modelsOf } from './agent-columns.tsx'
import { InstructionsField } from './instructions-field.tsx'
import { LimitsFields } from './limits-fields.tsx'
import { ModelsField } from './models-field.tsx'
import { ToolsField } from './tools-field.tsx'

export interface AgentFieldsProps {
  content: Content
  change(content: Content): void
  errorAt(pointer: string): string | undefined
  readOnly: boolean
  models: readonly Choice<string>[]
  /** `null` where no runtime tells which there are. */
  tools: Installed['tools'] | null
}

/** What an agent says, as a form: its instructions, and beside them how it works. */
export function AgentFields({ content, change, errorAt, readOnly, models, tools }: AgentFieldsProps) {
  const words = useWords().agents
  const set = (key: string, value: unknown): void => change(withValue(content, [key], value))
  const names = modelsOf(content['model'])
  const whenBusy = content['whenBusy']
  return (
    <Panes
      sideWidth="form"
      sideLabel={words.behaviour}
      side={
        <div className="flex flex-col gap-6">
          <ModelsField
            // One that was being chosen, and is empty still, is one of them.
            value={names.length === 0 ? [''] : rawModels(content['model'])}
            choices={models}
            readOnly={readOnly}
            errorAt={errorAt}
            onChange={(next) => set('model', next.length === 1 ? next[0] : next)}
          />
          <ToolsField
            value={textsOf(content['tools'])}
            tools={tools}
            readOnly={readOnly}
            errorAt={errorAt}
            onChange={(next) => set('tools', next.length === 0 ? undefined : next)}
          />
          <LimitsFields
            value={(content['limits'] ?? {}) as Content}
            readOnly={readOnly}
            errorAt={errorAt}
            onChange={(name, value) => change(withValue(content, ['limits', name], value ?? undefined))}
          />
          <Select
            label={words.whenBusy}
            hint={words.whenBusyHints[whenBusy === 'steer' || whenBusy === 'queue' ? whenBusy : 'default']}
            disabled={readOnly}
            value={whenBusy === 'steer' || whenBusy === 'queue' ? whenBusy : 'default'}
            onChange={(value) => set('whenBusy', value === 'default' ? undefined : value)}
            choices={(['default', 'steer', 'queue'] as const).map((value) => ({
              value,
              label: words.whenBusyNames[value],
              hint: words.whenBusyHints[value],
            }))}
            error={errorAt('/whenBusy')}
          />
        </div>
      }
    >
      <InstructionsField
        value={typeof content['instructions'] === 'string' ? content['instructions'] : ''}
        readOnly={readOnly}
        error={errorAt('/instructions')}
        onChange={(text) => set('instructions', text)}
      />
    </Panes>
  )
}

function rawModels(model: unknown): string[] {
  return Array.isArray(model) ? model.map(String) : [String(model)]
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []
}

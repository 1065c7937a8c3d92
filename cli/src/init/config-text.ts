import { usualAgent } from '../settings/usual-agent.ts'
import { type Plan, tokenName } from './plan.ts'

export type ConfigFormat = 'ts' | 'json'

/** The configuration file for a plan. It names secrets and holds none. */
export function configText(plan: Plan, format: ConfigFormat): string {
  const config = configOf(plan)
  if (format === 'json') return `${JSON.stringify(config, null, 2)}\n`
  return `import { defineConfig } from 'asyncv'\n\nexport default defineConfig(${literal(config, '')})\n`
}

function configOf({ model, telegram }: Plan): object {
  const { service, name } = model
  const options = service && {
    ...(service.baseURL === undefined ? {} : { baseURL: service.baseURL }),
    ...(service.key === undefined ? {} : { apiKey: { $secret: service.key.name } }),
  }
  const { instructions, tools } = usualAgent
  const reference = service === null ? `offline/${name}` : `main/${name}`
  return {
    ...(options === null ? {} : { providers: { main: { type: 'openai', options } } }),
    ...(telegram === null
      ? {}
      : {
          connectors: {
            tg: {
              type: 'telegram',
              options: {
                token: { $secret: tokenName },
                ...(telegram.apiRoot === undefined ? {} : { apiRoot: telegram.apiRoot }),
                allow: telegram.allow === 'everyone' ? 'everyone' : telegram.allow.map(Number),
              },
            },
          },
        }),
    agents: [{ name: usualAgent.name, model: reference, instructions, tools }],
    ...(telegram === null ? {} : { routes: [{ connector: 'tg', agent: usualAgent.name }] }),
  }
}

/** As somebody would write it: short things on one line. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const deeper = `${indent}  `
  const isList = Array.isArray(value)
  const items = isList
    ? value.map((item: unknown) => literal(item, deeper))
    : Object.entries(value).map(([key, item]) => `${key}: ${literal(item, deeper)}`)
  const [open, close, gap] = isList ? ['[', ']', ''] : ['{', '}', ' ']
  const line = items.length === 0 ? `${open}${close}` : `${open}${gap}${items.join(', ')}${gap}${close}`
  if (!line.includes('\n') && indent.length + line.length <= 100) return line
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join('')}${indent}${close}`
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1)
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

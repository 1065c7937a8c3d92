import type { Words } from '../words/english.ts'
import type { Option } from './command.ts'

/** Options that every command takes besides its own. */
export function generalOptions({ options }: Words): Option[] {
  return [
    { flags: '-q, --quiet', description: options.quiet },
    { flags: '--lang', description: options.lang, takes: ['en', 'zh'] },
    { flags: '-h, --help', description: options.help },
  ]
}

/** Options that several commands take, and mean the same by. */
export function sharedOptions({ options }: Words) {
  const url: Option = { flags: '-u, --url', description: options.url, takes: 'URL' }
  const key: Option = { flags: '-k, --key', description: options.key, takes: 'KEY' }
  const json: Option = { flags: '--json', description: options.json }
  const yes: Option = { flags: '-y, --yes', description: options.yes }
  const page: Option[] = [
    { flags: '-n, --limit', description: options.limit, takes: 'N' },
    { flags: '--cursor', description: options.cursor, takes: 'CURSOR' },
  ]
  const settings: Option[] = [
    { flags: '-c, --config', description: options.config, takes: 'FILE' },
    { flags: '--host', description: options.host, takes: 'ADDRESS' },
    { flags: '-p, --port', description: options.port, takes: 'PORT' },
    { flags: '--management-port', description: options.managementPort, takes: 'PORT' },
    { flags: '--storage', description: options.storage, takes: 'STORAGE' },
    { flags: '--log-level', description: options.logLevel, takes: 'LEVEL' },
  ]
  return { url, key, json, yes, page, settings, reading: [url, key, json] }
}

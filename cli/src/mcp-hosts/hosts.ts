/**
 * Programs that start MCP servers, and where each keeps its list of them for one person, as their own documentation says
 * (looked at in November 2026):
 * - Claude Desktop: modelcontextprotocol.io/quickstart/user, playwright.dev/mcp/clients/claude-desktop; the place on Linux,
 *   where there is no official build, follows its macOS one;
 * - Claude Code: code.claude.com/docs/en/mcp, user scope;
 * - Cursor: cursor.com/docs/mcp, global;
 * - VS Code: code.visualstudio.com/docs/agents/reference/mcp-configuration; its outer key is `servers`, and comments may be there;
 * - Windsurf: docs.windsurf.com/windsurf/cascade/mcp;
 * - Gemini CLI: geminicli.com/docs/tools/mcp-server; comments may be there.
 */
import { join } from 'node:path'
import { homeOf } from '../home.ts'
import type { Environment } from '../settings/environment.ts'

export const hostNames = ['claude-desktop', 'claude-code', 'cursor', 'vscode', 'windsurf', 'gemini'] as const
export type HostName = (typeof hostNames)[number]

export interface McpHost {
  name: HostName
  /** As people call it. */
  title: string
  file: string
  /** The key in it that holds the servers. */
  key: 'mcpServers' | 'servers'
  /** It wants to be told that it is to start a process. */
  isTyped: boolean
}

/** Where a host's file is on this system, whether it is there or not. */
export function hostOf(name: HostName, env: Environment, platform: NodeJS.Platform = process.platform): McpHost {
  const home = homeOf(env)
  const data = applicationData(home, env, platform)
  const hosts: Record<HostName, Omit<McpHost, 'name'>> = {
    'claude-desktop': {
      title: 'Claude Desktop',
      file: join(data, 'Claude', 'claude_desktop_config.json'),
      key: 'mcpServers',
      isTyped: false,
    },
    'claude-code': { title: 'Claude Code', file: join(home, '.claude.json'), key: 'mcpServers', isTyped: true },
    cursor: { title: 'Cursor', file: join(home, '.cursor', 'mcp.json'), key: 'mcpServers', isTyped: false },
    vscode: { title: 'VS Code', file: join(data, 'Code', 'User', 'mcp.json'), key: 'servers', isTyped: true },
    windsurf: {
      title: 'Windsurf',
      file: join(home, '.codeium', 'windsurf', 'mcp_config.json'),
      key: 'mcpServers',
      isTyped: false,
    },
    gemini: { title: 'Gemini CLI', file: join(home, '.gemini', 'settings.json'), key: 'mcpServers', isTyped: false },
  }
  return { name, ...hosts[name] }
}

function applicationData(home: string, env: Environment, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env['APPDATA'] ?? join(home, 'AppData', 'Roaming')
  return env['XDG_CONFIG_HOME'] ?? join(home, '.config')
}

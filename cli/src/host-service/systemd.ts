import { type HostService, mark } from './description.ts'

/** A unit of the user's own systemd, see systemd.service(5). */
export function systemdUnit({ name, command, directory, notifies }: HostService): string {
  // Without a word from the service systemd takes it for ready as soon as the program runs.
  const type = notifies
    ? [
        'Type=notify',
        '# The word comes from systemd-notify, a child of the service.',
        'NotifyAccess=all',
        'WatchdogSec=60',
      ]
    : ['Type=exec']
  return `${[
    `# ${mark}; another install writes it anew.`,
    '[Unit]',
    `Description=asyncv service ${name}`,
    'StartLimitIntervalSec=300',
    'StartLimitBurst=10',
    '',
    '[Service]',
    ...type,
    `ExecStart=${command.map(word).join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    `WorkingDirectory=${specifierless(directory)}`,
    'Environment=ASYNCV_SUPERVISOR=systemd',
    'Restart=on-failure',
    'RestartSec=2',
    '# The configuration is wrong: another start would find the same.',
    'RestartPreventExitStatus=2',
    '# A large database may be migrated first.',
    'TimeoutStartSec=120',
    '# It drains for 25 seconds; what its tools have started ends after it.',
    'TimeoutStopSec=40',
    'KillMode=mixed',
    '# No MemoryDenyWriteExecute: the JavaScript engine writes the code it runs.',
    'NoNewPrivileges=yes',
    'UMask=0077',
    'LimitCORE=0',
    'LockPersonality=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`
}

/** One word of a command line: quoted, without variables and specifiers. */
function word(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$')
  return `"${specifierless(escaped)}"`
}

function specifierless(text: string): string {
  return text.replaceAll('%', '%%')
}

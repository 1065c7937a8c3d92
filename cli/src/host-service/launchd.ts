import { type HostService, mark } from './description.ts'

/** A launch agent of the user, see launchd.plist(5). */
export function launchdPlist({ name, command, directory, log }: HostService): string {
  const text = (value: string): string => `<string>${escaped(value)}</string>`
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${mark}; another install writes it anew. -->`,
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key>${text(name)}`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...command.map((part) => `    ${text(part)}`),
    '  </array>',
    `  <key>WorkingDirectory</key>${text(directory)}`,
    '  <key>EnvironmentVariables</key>',
    '  <dict>',
    `    <key>ASYNCV_SUPERVISOR</key>${text('launchd')}`,
    `    <key>ASYNCV_LOG_FILE</key>${text(log)}`,
    '  </dict>',
    '  <key>RunAtLoad</key><true/>',
    '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '  <key>ThrottleInterval</key><integer>10</integer>',
    '  <key>ExitTimeOut</key><integer>40</integer>',
    '  <key>ProcessType</key><string>Standard</string>',
    '  <key>Umask</key><integer>63</integer>',
    `  <key>StandardOutPath</key>${text(log)}`,
    `  <key>StandardErrorPath</key>${text(log)}`,
    '</dict>',
    '</plist>',
  ].join('\n')}\n`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

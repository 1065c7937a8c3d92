import { shells } from './tree/choices.ts'
import { type Command, nameOf, type Option } from './tree/command.ts'
import { generalOptions } from './tree/options.ts'
import { words } from './words/spoken.ts'

/** A script that lets a shell complete commands, flags and the values that are known, made from the tree of commands. */
export function completionScript(shell: (typeof shells)[number], tree: readonly Command[]): string {
  return { bash, zsh, fish }[shell](placesIn(tree))
}

/** What may follow after some words of the command. */
interface Place {
  /** The words before: empty, `tasks` or `tasks show`. */
  path: string
  next: { word: string; says: string }[]
  options: Option[]
}

function placesIn(tree: readonly Command[]): Place[] {
  const names = [...new Set(tree.map((command) => nameOf(command).split(' ')[0] ?? ''))]
  const groups = names.filter((name) => !tree.some((command) => nameOf(command) === name))
  const says = (name: string): string =>
    tree.find((command) => nameOf(command) === name)?.description ??
    (words.commands as Record<string, string>)[name] ??
    ''
  return [
    { path: '', next: names.map((word) => ({ word, says: says(word) })), options: generalOptions(words) },
    ...groups.map((path) => ({
      path,
      next: tree
        .map(nameOf)
        .filter((name) => name.startsWith(`${path} `))
        .map((name) => ({ word: name.slice(path.length + 1), says: says(name) })),
      options: generalOptions(words),
    })),
    ...tree.map((command) => ({
      path: nameOf(command),
      next: nameOf(command) === 'completion' ? shells.map((word) => ({ word, says: '' })) : [],
      options: [...command.options, ...generalOptions(words)],
    })),
  ]
}

function flagsIn({ flags }: Option): string[] {
  return flags.split(', ')
}

function valuesIn({ takes }: Option): readonly string[] {
  return typeof takes === 'object' ? takes : []
}

/** Works with the bash 3.2 of macOS: no associative arrays. */
function bash(places: readonly Place[]): string {
  const cases = places.map(({ path, next, options }) => {
    const values = options
      .filter((option) => option.takes !== undefined)
      .map((option) => `      ${flagsIn(option).join('|')}) words="${valuesIn(option).join(' ')}" ;;`)
    const flags = options.flatMap(flagsIn).join(' ')
    return [
      `    "${path}") case "$before" in`,
      ...values,
      `      *) words="${[...next.map(({ word }) => word), flags].join(' ')}" ;;`,
      '    esac ;;',
    ].join('\n')
  })
  const paths = places.map(({ path }) => path).filter((path) => path !== '')
  return `_asyncv() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "\${path:+$path }$word" in
      ${paths.map((path) => `"${path}"`).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _asyncv asyncv`
}

function zsh(places: readonly Place[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  const described = (word: string, says: string): string => quoted(`${word.replaceAll(':', '\\:')}:${says}`)
  const cases = places.map(({ path, next, options }) => {
    const values = options
      .filter((option) => option.takes !== undefined)
      .map((option) =>
        valuesIn(option).length === 0
          ? `      ${flagsIn(option).join('|')}) _files; return ;;`
          : `      ${flagsIn(option).join('|')}) compadd -- ${valuesIn(option).join(' ')}; return ;;`,
      )
    return [
      `    ${quoted(path)})`,
      `      case $before in`,
      ...values.map((line) => `  ${line}`),
      '      esac',
      `      next=(${next.map(({ word, says }) => described(word, says)).join(' ')})`,
      `      flags=(${options.flatMap((option) => flagsIn(option).map((flag) => described(flag, option.description))).join(' ')})`,
      '      ;;',
    ].join('\n')
  })
  const paths = places.map(({ path }) => path).filter((path) => path !== '')
  return `#compdef asyncv
_asyncv() {
  local place="" word before="\${words[CURRENT-1]}"
  local -a next flags
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case "\${place:+$place }$word" in
      ${paths.map(quoted).join('|')}) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then _describe -o option flags
  elif ((\${#next})); then _describe command next
  else _files
  fi
}
if [[ $funcstack[1] == _asyncv ]]; then _asyncv "$@"; else compdef _asyncv asyncv; fi`
}

function fish(places: readonly Place[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const paths = places.map(({ path }) => path).filter((path) => path !== '')
  const lines = places.flatMap(({ path, next, options }) => {
    const when = `-n ${quoted(`test (__asyncv_place) = ${JSON.stringify(path)}`)}`
    return [
      ...next.map(({ word, says }) => `complete -c asyncv -f ${when} -a ${word} -d ${quoted(says)}`),
      ...options.map((option) => {
        const [short, long] = option.flags.startsWith('--') ? [null, option.flags] : option.flags.split(', ')
        return [
          `complete -c asyncv ${when}`,
          ...(short ? [`-s ${short.slice(1)}`] : []),
          `-l ${(long ?? '').slice(2)}`,
          ...(option.takes === undefined ? [] : ['-r']),
          ...(valuesIn(option).length === 0 ? [] : [`-f -a ${quoted(valuesIn(option).join(' '))}`]),
          `-d ${quoted(option.description)}`,
        ].join(' ')
      }),
    ]
  })
  return `function __asyncv_place
  set -l place
  for word in (commandline -opc)[2..-1]
    switch (string join -- ' ' $place $word)
      case ${paths.map(quoted).join(' ')}
        set place (string join -- ' ' $place $word)
    end
  end
  echo "$place"
end
${lines.join('\n')}`
}

// `patchbay completion bash|zsh`: what the shell offers behind Tab, made from the commands themselves.
import { Argument, type Command } from 'commander'

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('completion for a shell: source <(patchbay completion bash)')
    .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh']))
    .action((shell: 'bash' | 'zsh') => console.log(completionFor(shell, program)))
}

/** zsh runs bash's functions. */
export function completionFor(shell: 'bash' | 'zsh', program: Command): string {
  const cases = wordsAfter(program, []).map(
    ([words, offered]) => `    '${words.join(' ')}') offered='${offered.join(' ')}' ;;`,
  )
  return [
    ...(shell === 'zsh' ? ['autoload -U +X compinit && compinit', 'autoload -U +X bashcompinit && bashcompinit'] : []),
    '_patchbay() {',
    '  local offered=',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    '  case "${COMP_WORDS[*]:1:$((COMP_CWORD < 3 ? COMP_CWORD - 1 : 2))}" in',
    ...cases,
    '  esac',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    '  COMPREPLY=($(compgen -W "$offered" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _patchbay patchbay',
  ].join('\n')
}

/** For the words that lead to a command: its commands, or its flags. */
function wordsAfter(command: Command, words: readonly string[]): [string[], string[]][] {
  const { commands, options } = command
  const offered = commands.length > 0 ? commands.map((each) => each.name()) : options.map(({ long }) => long ?? '')
  const below = commands.flatMap((each) => wordsAfter(each, [...words, each.name()]))
  return [[[...words], offered.filter((word) => word !== '')], ...below]
}

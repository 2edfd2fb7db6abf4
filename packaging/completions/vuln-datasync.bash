# Completion for bash. It asks the program itself (--help), so it is never behind it.
_vuln_datasync() {
  local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} help commands=() i
  case ${COMP_WORDS[COMP_CWORD - 1]} in
    --config | --env-file | --report | --data-dir | --mirror | --output)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
  esac
  # The commands before the cursor: words that the help so far lists below Subcommands.
  help=$("$program" --help 2>/dev/null)
  for ((i = 1; i < COMP_CWORD; i++)); do
    if _vuln_datasync_commands <<<"$help" | grep -qxF -- "${COMP_WORDS[i]}"; then
      commands+=("${COMP_WORDS[i]}")
      help=$("$program" "${commands[@]}" --help 2>/dev/null)
    fi
  done
  if [[ $word == -* ]]; then
    help+=$'\n'$("$program" --help 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "$(_vuln_datasync_options <<<"$help")" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(_vuln_datasync_commands <<<"$help")" -- "$word")
  fi
}

_vuln_datasync_commands() {
  awk '/^Subcommands:/ { below = 1; next } /^[^ ]/ { below = 0 } below && NF { print $1 }'
}

_vuln_datasync_options() {
  sed -nE 's/^  (-.,)?(--[a-z-]+).*/\2/p'
}

complete -F _vuln_datasync vuln-datasync

#!/bin/sh
# A library of the papers in samples/ and three questions. `make demo` runs this in a temporary folder that it
# removes afterwards, with FOOTNOTE_DATA set. $1 is the `footnote` command.
set -eu

footnote=$1
cp -R "$(dirname "$0")/../samples" samples

run() {
    printf '\n$ footnote'
    for word in "$@"; do
        case $word in
            *' '*) printf ' "%s"' "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$footnote" "$@"
}

echo "A library in a temporary folder, without a language model: the answers are quotations."
run ingest samples
run ask "How can a machine tidy up a messy room?"
run ask "Which papers detect manipulated or generated images?"
run ask "What is the best way to bake sourdough bread?"
printf '\nThat was the demo. Your own papers: footnote ingest FOLDER, then footnote chat.\n'

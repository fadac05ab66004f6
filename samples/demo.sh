#!/bin/sh
# A library of the papers in this folder, three questions, and nothing left behind.
# `make demo` runs it in a temporary folder with FOOTNOTE_DATA set; $1 is the `footnote` command.
set -eu

footnote=$1
samples=$(cd "$(dirname "$0")" && pwd)
mkdir samples
cp "$samples/papers.jsonl" samples/

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

// The Go clients of the interop tests: franz-go and sarama, one command each. Answers are JSON
// lines on stdout, so that the tests judge and this program only speaks.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

func main() {
	commands := map[string]func(args []string) error{
		"version":      version,
		"kgo-produce":  kgoProduce,
		"kgo-consume":  kgoConsume,
		"kgo-group":    kgoGroup,
		"kgo-admin":    kgoAdmin,
		"kgo-stream":   kgoStream,
		"kgo-dump":     kgoDump,
		"kgo-commit":   kgoCommit,
		"sarama-round": saramaRound,
		"sarama-group": saramaGroup,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fail(fmt.Errorf("usage: interop COMMAND BOOTSTRAP ..."))
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fail(err)
	}
}

func version(_ []string) error {
	fmt.Printf("%s, franz-go and sarama of go.mod\n", runtime.Version())
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func say(value any) {
	line, err := json.Marshal(value)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}

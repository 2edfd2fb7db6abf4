// A client, a server and an inspector built from the real Asynq, for the tests to cross with ours.
//
//	interop SOCKET produce TYPE QUEUE PAYLOAD [OPTION=VALUE]...   prints the id, "duplicate" or "conflict"
//	interop SOCKET consume QUEUE...    a server; a line for each task that it handles, until SIGTERM
//	interop SOCKET WHAT ...            what an inspector sees or does, as JSON: see inspect.go
//
// SOCKET is the path of Redis' Unix socket. Exit status 1 and a line on standard error: Asynq's error.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hibiken/asynq"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: interop SOCKET produce|consume|WHAT ...")
		os.Exit(2)
	}
	redis := asynq.RedisClientOpt{Network: "unix", Addr: os.Args[1]}
	arguments := os.Args[3:]
	var err error
	switch os.Args[2] {
	case "produce":
		err = produce(redis, arguments)
	case "consume":
		err = consume(redis, arguments)
	default:
		err = inspect(redis, os.Args[2], arguments)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func produce(redis asynq.RedisClientOpt, arguments []string) error {
	kind, queue, payload := arguments[0], arguments[1], []byte(arguments[2])
	if arguments[2] == "" {
		payload = nil
	}
	options := []asynq.Option{asynq.Queue(queue)}
	headers := map[string]string{}
	for _, argument := range arguments[3:] {
		name, value, _ := strings.Cut(argument, "=")
		if name == "header" {
			key, content, _ := strings.Cut(value, ":")
			headers[key] = content
			continue
		}
		option, err := optionFrom(name, value)
		if err != nil {
			return err
		}
		options = append(options, option)
	}
	client := asynq.NewClient(redis)
	defer client.Close()
	info, err := client.Enqueue(asynq.NewTaskWithHeaders(kind, payload, headers), options...)
	switch {
	case errors.Is(err, asynq.ErrDuplicateTask):
		fmt.Println("duplicate")
	case errors.Is(err, asynq.ErrTaskIDConflict):
		fmt.Println("conflict")
	case err != nil:
		return err
	default:
		fmt.Println(info.ID)
	}
	return nil
}

// "id", or a count ("retries"), or so many seconds.
func optionFrom(name, value string) (asynq.Option, error) {
	if name == "id" {
		return asynq.TaskID(value), nil
	}
	number, err := strconv.Atoi(value)
	if err != nil {
		return nil, err
	}
	duration := time.Duration(number) * time.Second
	switch name {
	case "retries":
		return asynq.MaxRetry(number), nil
	case "in":
		return asynq.ProcessIn(duration), nil
	case "unique":
		return asynq.Unique(duration), nil
	case "retention":
		return asynq.Retention(duration), nil
	case "timeout":
		return asynq.Timeout(duration), nil
	case "deadline":
		return asynq.Deadline(time.Now().Add(duration)), nil
	}
	return nil, fmt.Errorf("unknown option %q", name)
}

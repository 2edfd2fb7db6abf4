package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hibiken/asynq"
)

// One line of JSON for a question, nothing for a command:
//
//	queues | queue Q | tasks Q STATE | task Q ID | servers | schedule | fired ENTRY
//	run Q ID | archive Q ID | delete Q ID | cancel ID | pause Q | resume Q
func inspect(redis asynq.RedisClientOpt, what string, arguments []string) error {
	inspector := asynq.NewInspector(redis)
	defer inspector.Close()
	first, second := argument(arguments, 0), argument(arguments, 1)
	switch what {
	case "run":
		return inspector.RunTask(first, second)
	case "archive":
		return inspector.ArchiveTask(first, second)
	case "delete":
		return inspector.DeleteTask(first, second)
	case "cancel":
		return inspector.CancelProcessing(first)
	case "pause":
		return inspector.PauseQueue(first)
	case "resume":
		return inspector.UnpauseQueue(first)
	}
	answer, err := ask(inspector, what, first, second)
	if err == nil {
		printLine(answer)
	}
	return err
}

func argument(arguments []string, index int) string {
	if index < len(arguments) {
		return arguments[index]
	}
	return ""
}

func ask(inspector *asynq.Inspector, what, first, second string) (any, error) {
	switch what {
	case "queues":
		queues, err := inspector.Queues()
		slices.Sort(queues)
		return queues, err
	case "queue":
		info, err := inspector.GetQueueInfo(first)
		if err != nil {
			return nil, err
		}
		return map[string]any{"pending": info.Pending, "active": info.Active, "scheduled": info.Scheduled,
			"retry": info.Retry, "archived": info.Archived, "completed": info.Completed, "paused": info.Paused,
			"processed": info.Processed, "failed": info.Failed}, nil
	case "task":
		info, err := inspector.GetTaskInfo(first, second)
		if err != nil {
			return nil, err
		}
		return taskJSON(info), nil
	case "tasks":
		tasks, err := list(inspector, first, second)
		answer := []any{}
		for _, task := range tasks {
			answer = append(answer, taskJSON(task))
		}
		return answer, err
	case "servers":
		return servers(inspector)
	case "schedule":
		return schedule(inspector)
	case "fired":
		events, err := inspector.ListSchedulerEnqueueEvents(first)
		ids := []string{}
		for _, event := range events {
			ids = append(ids, event.TaskID)
		}
		return ids, err
	}
	return nil, fmt.Errorf("unknown question %q", what)
}

func list(inspector *asynq.Inspector, queue, state string) ([]*asynq.TaskInfo, error) {
	switch state {
	case "pending":
		return inspector.ListPendingTasks(queue)
	case "active":
		return inspector.ListActiveTasks(queue)
	case "scheduled":
		return inspector.ListScheduledTasks(queue)
	case "retry":
		return inspector.ListRetryTasks(queue)
	case "archived":
		return inspector.ListArchivedTasks(queue)
	case "completed":
		return inspector.ListCompletedTasks(queue)
	}
	return nil, fmt.Errorf("unknown state %q", state)
}

func taskJSON(info *asynq.TaskInfo) any {
	return map[string]any{"id": info.ID, "type": info.Type, "payload": string(info.Payload),
		"headers": info.Headers, "state": info.State.String(), "retried": info.Retried,
		"max_retry": info.MaxRetry, "error": info.LastErr, "result": string(info.Result),
		"timeout": info.Timeout.String(), "retention": info.Retention.String(), "orphaned": info.IsOrphaned}
}

func servers(inspector *asynq.Inspector) (any, error) {
	found, err := inspector.Servers()
	answer := []any{}
	for _, server := range found {
		running := []any{}
		for _, worker := range server.ActiveWorkers {
			running = append(running, map[string]any{"id": worker.TaskID, "type": worker.TaskType,
				"queue": worker.Queue, "started": !worker.Started.IsZero(), "limited": !worker.Deadline.IsZero()})
		}
		answer = append(answer, map[string]any{"host": server.Host, "pid": server.PID, "status": server.Status,
			"concurrency": server.Concurrency, "queues": server.Queues, "running": running})
	}
	return answer, err
}

func schedule(inspector *asynq.Inspector) (any, error) {
	entries, err := inspector.SchedulerEntries()
	answer := []any{}
	for _, entry := range entries {
		options := []string{}
		for _, option := range entry.Opts {
			options = append(options, option.String())
		}
		answer = append(answer, map[string]any{"id": entry.ID, "spec": entry.Spec, "type": entry.Task.Type(),
			"payload": string(entry.Task.Payload()), "options": strings.Join(options, " "),
			"next": entry.Next.Unix(), "never_ran": entry.Prev.IsZero()})
	}
	return answer, err
}

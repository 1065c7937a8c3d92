const now = `cast(unixepoch('subsec') * 1000 as integer)`
const areOff = `not exists (select 1 from sqlite_master where type = 'trigger' and name = 'event_of_message')`

const drop = ['message', 'task', 'delivery'].map((table) => `drop trigger if exists event_of_${table}`)

/**
 * What writes events down: in the transaction of whatever happened, so that no verb can forget it. Not a part of the
 * schema: even a trigger whose condition is false costs a message a few hundredths of its CPU time, so they are there only
 * while events are kept.
 */
export const eventTriggers = {
  sqlite: {
    /** In one transaction, at each opening: those that are there may be of an earlier version. */
    create: [
      // What happened while there were none is missing: a number is left out, by which readers of what was before find out.
      `delete from event where ${areOff}`,
      `update sqlite_sequence set seq = seq + 1 where name = 'event' and ${areOff}`,
      ...drop,

      `create trigger event_of_message after insert on message begin
        insert into event (at, type, message_id, task_id)
        values (new.received_at, iif(new.task_id is null, 'command.carried-out', 'message.received'), new.id, new.task_id);
      end`,

      `create trigger event_of_task after update of state on task
      when new.state is not old.state and new.state not in ('running', 'waiting') begin
        insert into event (at, type, message_id, task_id, error)
        values (
          coalesce(new.ended_at, ${now}),
          case new.state when 'queued' then 'task.requeued' when 'done' then 'task.finished' else 'task.' || new.state end,
          new.message_id,
          new.id,
          iif(new.state = 'failed', new.error, null)
        );
      end`,

      `create trigger event_of_delivery after update of state on delivery
      when new.state is not old.state and new.state in ('sent', 'uncertain', 'held', 'dead', 'discarded') begin
        insert into event (at, type, task_id, delivery_id, error)
        values (
          coalesce(new.settled_at, ${now}),
          'delivery.' || iif(new.state = 'held', 'uncertain', new.state),
          new.task_id,
          new.id,
          iif(new.state = 'sent', null, new.error)
        );
      end`,
    ],
    /** In one transaction. What was written is of no use with a gap behind it, and nobody would prune it. */
    drop: [...drop, 'delete from event'],
  },
}

/** One conversation, answered once and under way again: a row or two in each table. */
export const sampleData = {
  sqlite: [
    `insert into session values ('s1', 'tg:1:42:-', 1, 'support', 'default', 3, 1000, 2000, null), ('s2', 'api:default:support:u', 1, 'support', 'default', 2, 1000, 1500, 1600)`,
    `insert into message values ('m1', 's1', 1, 't1', '[{"type":"text","text":"hi"}]', '{"id":"42"}', 1000), ('m2', 's1', 2, 't2', '[{"type":"text","text":"你好"}]', null, 2000)`,
    `insert into dedupe values ('tg:1', 'update:7', 'm1', '', 1000), ('api:default:support', 'k1', 'm2', 'hash', 2000)`,
    `insert into task values
      ('t1', 's1', 'm1', 1, 'done', 'support', 'steer', '{"account":"tg:1","conversation":"42"}', '{}', null, 1, 0, 0, null, null, '[]', 15, 10, 5, 1000, 1000, 1500),
      ('t2', 's1', 'm2', 2, 'running', 'support', 'steer', null, '{}', null, 1, 0, 0, null, null, null, null, 0, 0, 2000, 2000, null)`,
    `insert into step values ('t1', 1, 'model', 'done', 1, 1, 'main/m', null, null, '{"text":"hello"}', 10, 5, 1000, 1400)`,
    `insert into delivery values (1, 'd1', 't1/0', 't1', null, 0, 'answer', 'tg:1:42:-', '9', '[{"type":"text","text":"hello"}]', 'sent', 1, null, 0, null, 1500, null, 1600)`,
    `insert into api_key values ('0123456789abcdef', 'hash', 'reports', 'default', '["read"]', null, 1000, null, null, 2000)`,
    `insert into event values (7, 1500, 'task.finished', 'm1', 't1', null, null)`,
    `insert into audit values
      (1, 1000, 'command', 'ann', 'key.created', '0123456789abcdef', null, 'after', '${'0'.repeat(64)}', 'first'),
      (2, 2000, 'operator', null, 'delivery.retried', 'd1', 'before', 'after', 'first', 'second')`,
    `update audit_head set n = 2, hash = 'second'`,
    `insert into secret values ('MODEL_KEY', 2, 'c2VhbGVk', 'bm9uY2U=', '0123456789abcdef', '["https://api.openai.com"]', 2000), ('CHAT_TOKEN', 1, 'c2VhbGVk', 'bm9uY2U=', '0123456789abcdef', null, 2000)`,
    `insert into release values
      (1, 'sha256:${'1'.repeat(64)}', null, 'file', 1, null, 0, 1000, 1000, 'program', null, '{"texts":[],"secrets":{}}', '{"schemaVersion":1}'),
      (2, 'sha256:${'2'.repeat(64)}', '{}', 'command', 1, 'sha256:${'1'.repeat(64)}', 1, 1900, 2000, 'operator', 'ann', '{"texts":[],"secrets":{}}', '{"schemaVersion":1}')`,
    `insert into publisher values ('command', 1, 2000), ('file', 1, 1000)`,
    `insert into runtime_identity values (1, 'r1', 1000)`,
    `insert into file values ('f1', 'order.pdf', 'application/pdf', 12, '${'3'.repeat(64)}', 'default', 1000, 9000)`,
    `insert into connector_state values ('tg:1', 'offset', '8', 1000)`,
  ],
}

/** Two people, one of them invited; an agent, published to one runtime: a row or two in each table. */
export const sampleData = {
  sqlite: [
    `insert into user values
      ('u1', 'ann', 'Ann', 'admin', 'scrypt$…', 'en', 'dark', 1000, 2000),
      ('u2', 'bo', '波', 'viewer', null, 'zh', null, 1500, null)`,
    `insert into session values ('${'a'.repeat(64)}', 'u1', 2000, 2500, 9000)`,
    `insert into invite values ('u2', '${'b'.repeat(64)}', 1500, 9000)`,
    `insert into runtime values ('r1', 'here', 'http://127.0.0.1:7400', 'http://127.0.0.1:7401', 'c2VhbGVk', 'runtime-1', '0.1.0', null, 2000, 1000, 'u1')`,
    `insert into identity values (1, 'studio', 'cHVibGlj', 'c2VhbGVk', 1000)`,
    `insert into item values ('agent', 'helper', 2, '{"model":"main/m"}', 2000, 'u1', 'Ann', null)`,
    `insert into item_version values
      ('agent', 'helper', 1, '{"model":"main/n"}', 'u1', 'Ann', 1000, null, 0),
      ('agent', 'helper', 2, '{"model":"main/m"}', 'u1', 'Ann', 2000, 'cheaper', 0)`,
    `insert into release values (1, '{"schemaVersion":1}', 'sha256:${'1'.repeat(64)}', '[]', 'First', 'u1', 'Ann', 2100, null)`,
    `insert into release_target values (1, 'r1', 'applied', '{}', 1, null, null, 3, 2200, 0)`,
    `insert into release_sequence values ('runtime-1', 1)`,
    `insert into audit values
      (1, 1000, 'u1', 'Ann', 'user.created', 'u1', null, '${'0'.repeat(64)}', 'first'),
      (2, 1500, 'u1', 'Ann', 'user.created', 'u2', '{"role":"viewer"}', 'first', 'second')`,
    `update audit_head set n = 2, hash = 'second'`,
    `insert into webhook values ('w1', 'https://hooks.example/studio', '["release.applied"]', 'c2VhbGVk', 1000, 'u1')`,
    `insert into webhook_delivery values ('d1', 'w1', 'release.applied', '{"release":1}', 'sent', 1, null, null, 2200)`,
  ],
}

export function left(tasks: number, deliveries: number): string {
  return `${many(tasks, 'task', 'tasks')}, ${many(deliveries, 'delivery', 'deliveries')}`
}

export function many(count: number, one: string, several: string): string {
  return `${count} ${String(count) === '1' ? one : several}`
}

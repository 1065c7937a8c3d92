import { Ellipsis, Link2, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { User } from '../../../src/schemas/account.ts'
import { type Role, roles } from '../../../src/schemas/role.ts'
import { tell } from '../../api/problem.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Badge, Status } from '../../ui/status.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { useChangeUser, useDeleteUser, useNewInvitation } from './queries.ts'

export interface UserTableProps {
  users: readonly User[]
  /** The id of who looks: nobody deletes themselves. */
  me: string
}

export function UserTable({ users, me }: UserTableProps) {
  const words = useWords()
  const [deleting, setDeleting] = useState<User | null>(null)
  const [linked, setLinked] = useState<{ name: string; link: string } | null>(null)
  const columns = useMemo(() => columnsOf(words, me, setDeleting, setLinked), [words, me])
  return (
    <>
      <Table
        label={words.users.title}
        columns={columns}
        items={users}
        keyOf={(user) => user.id}
        sortedBy={{ id: 'name', descending: false }}
      />
      {deleting && <DeleteUser user={deleting} onClose={() => setDeleting(null)} />}
      {linked && <InvitationLink {...linked} onClose={() => setLinked(null)} />}
    </>
  )
}

function columnsOf(
  words: Words,
  me: string,
  onDelete: (user: User) => void,
  onLink: (linked: { name: string; link: string }) => void,
): Column<User>[] {
  return [
    {
      id: 'name',
      header: words.users.name,
      grow: true,
      value: (user) => user.name,
      cell: (user) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{user.name}</span>
          {user.id === me && <Badge>{words.users.you}</Badge>}
          {/* Where there is no room for its column. */}
          {!user.hasPassword && (
            <span className="sm:hidden">
              <Badge>{words.users.invited}</Badge>
            </span>
          )}
        </span>
      ),
    },
    { id: 'login', header: words.account.login, wide: true, value: (user) => user.login },
    { id: 'role', header: words.users.role, value: (user) => words.shell.roles[user.role] },
    {
      id: 'state',
      header: words.users.state,
      wide: true,
      value: (user) => user.hasPassword,
      cell: (user) =>
        user.hasPassword ? (
          <Status kind="ok">{words.users.active}</Status>
        ) : (
          <Status kind="muted">{words.users.invited}</Status>
        ),
    },
    {
      id: 'seen',
      header: words.users.lastSeen,
      wide: true,
      value: (user) => user.signedInAt,
      cell: (user) =>
        user.signedInAt === null ? (
          <span className="text-faint">{words.users.never}</span>
        ) : (
          <RelativeTime at={user.signedInAt} />
        ),
    },
    {
      id: 'actions',
      header: words.ui.more,
      hideHeader: true,
      sortable: false,
      align: 'right',
      value: () => null,
      cell: (user) => <UserActions user={user} isMe={user.id === me} onDelete={onDelete} onLink={onLink} />,
    },
  ]
}

interface UserActionsProps {
  user: User
  isMe: boolean
  onDelete(user: User): void
  onLink(linked: { name: string; link: string }): void
}

function UserActions({ user, isMe, onDelete, onLink }: UserActionsProps) {
  const words = useWords()
  const change = useChangeUser()
  const invite = useNewInvitation()
  const fail = (error: unknown): void => toast(tell(error, words).title, { kind: 'danger' })
  const setRole = (role: Role, before?: Role): void =>
    change.mutate(
      { id: user.id, role },
      {
        onError: fail,
        onSuccess: () =>
          toast(words.users.roleChanged(user.name, words.shell.roles[role]), {
            undo: before && (() => setRole(before)),
          }),
      },
    )
  return (
    <Menu
      trigger={
        <IconButton label={`${words.ui.more}: ${user.name}`} icon={<Ellipsis className="size-4" aria-hidden />} small />
      }
      groups={[
        {
          label: words.users.changeRole,
          items: roles.map((role) => ({
            label: words.shell.roles[role],
            checked: role === user.role,
            onSelect: () => role !== user.role && setRole(role, user.role),
          })),
        },
        {
          items: [
            {
              label: words.users.newLink,
              icon: <Link2 className="size-4" aria-hidden />,
              onSelect: () =>
                invite.mutate(user.id, {
                  onError: fail,
                  onSuccess: ({ link }) => onLink({ name: user.name, link }),
                }),
            },
            {
              label: words.users.delete,
              icon: <Trash2 className="size-4" aria-hidden />,
              danger: true,
              disabled: isMe,
              onSelect: () => onDelete(user),
            },
          ],
        },
      ]}
    />
  )
}

function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const words = useWords()
  const remove = useDeleteUser()
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.users.deleteTitle(user.name)}
      text={words.users.deleteText}
      action={words.users.delete}
      pending={remove.isPending}
      error={remove.error ? tell(remove.error, words).title : undefined}
      onConfirm={() =>
        remove.mutate(user.id, {
          onSuccess() {
            onClose()
            toast(words.users.deleted(user.name))
          },
        })
      }
    />
  )
}

import { Button } from '../../ui/button.tsx'
import { CodeLine } from '../../ui/code.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWords } from '../../words/words.tsx'

export interface InvitationLinkProps {
  name: string
  link: string
  onClose(): void
}

/** The link for one person, shown this once. */
export function InvitationLink({ name, link, onClose }: InvitationLinkProps) {
  const words = useWords().users
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.linkReady}
      text={words.linkReadyText(name)}
      actions={
        <Button variant="primary" onClick={onClose}>
          {words.done}
        </Button>
      }
    >
      <CodeLine text={link} />
    </Dialog>
  )
}

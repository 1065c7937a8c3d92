import { ShownOnce } from '../../ui/shown-once.tsx'
import { useWords } from '../../words/words.tsx'

export interface InvitationLinkProps {
  name: string
  link: string
  onClose(): void
}

/** The link for one person, shown this once. */
export function InvitationLink({ name, link, onClose }: InvitationLinkProps) {
  const words = useWords().users
  return <ShownOnce title={words.linkReady} text={words.linkReadyText(name)} value={link} onClose={onClose} />
}

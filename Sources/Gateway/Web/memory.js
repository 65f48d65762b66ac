/** The text in the message field, for a reload of this tab. */
export const draft = remembered(() => sessionStorage, "agent.draft");

/** The conversation that a person had open last on this device. */
export function lastConversation(userID) {
  return remembered(() => localStorage, `agent.conversation.${userID}`);
}

/** A browser may refuse storage; then nothing is remembered. */
function remembered(storage, key) {
  const attempt = (action) => {
    try {
      return action(storage());
    } catch {
      return null;
    }
  };
  return {
    read: () => attempt((items) => items.getItem(key)),
    write: (value) => attempt((items) => (value === null ? items.removeItem(key) : items.setItem(key, value))),
  };
}

/** What the server wrote into the page: a sentence about the model, and what a person may begin with. */
export function pageFacts() {
  const model = content("agent-model");
  const note = model.startsWith("offline")
    ? "Built-in offline model: it understands simple todo sentences. Set OPENAI_API_KEY for a real one."
    : model && `Model: ${model}`;
  let starters = [];
  try {
    starters = JSON.parse(content("agent-starters"));
  } catch {
    // None.
  }
  return { note, starters };
}

function content(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content ?? "";
}

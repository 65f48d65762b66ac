import { AgentApp } from "./agent-app.js";
import { APITokens } from "./api-tokens.js";
import { ChatPanel } from "./chat-panel.js";
import { ConversationList } from "./conversation-list.js";
import { SignIn } from "./sign-in.js";
import { TodoList } from "./todo-list.js";

customElements.define("sign-in", SignIn);
customElements.define("api-tokens", APITokens);
customElements.define("conversation-list", ConversationList);
customElements.define("chat-panel", ChatPanel);
customElements.define("todo-list", TodoList);
customElements.define("agent-app", AgentApp);

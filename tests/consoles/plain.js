// All is told in the form that opened the page: the conversation is known at once.
(() => {
  const detail = { conversation: document.body.dataset.conversation, context: {} };
  const tell = () => document.dispatchEvent(new CustomEvent("vinculo:context", { detail }));
  document.addEventListener("vinculo:ask", tell);
  document.addEventListener("DOMContentLoaded", tell);
})();

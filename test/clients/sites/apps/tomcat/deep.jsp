<%! int deep(int n) { return deep(n + 1) + n; } %>
<%= deep(0) %>

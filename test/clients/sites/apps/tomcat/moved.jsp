<% response.sendRedirect(request.getRequestURL().toString().replace("moved.jsp", "index.jsp")); %>

<%@ page contentType="text/html; charset=utf-8" %>
<!doctype html>
<title>Tea shop</title>
<a href="<%= request.getRequestURL() %>">Here</a>
<a href="moved.jsp">Moved</a>

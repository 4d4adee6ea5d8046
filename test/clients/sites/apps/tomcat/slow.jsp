<% Thread.sleep(4000); %>

<%@ page import="java.sql.DriverManager" %>
<% DriverManager.getConnection("jdbc:mariadb://127.0.0.1:3306/shop?user=shop&password=Gr4nite-Otter"); %>

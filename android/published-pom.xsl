<?xml version="1.0" encoding="UTF-8"?>
<!-- Leaves out of the published POM what only this build can use. The POM names the libraries of androidx that an app may add instead. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:pom="http://maven.apache.org/POM/4.0.0">
  <xsl:output encoding="UTF-8"/>
  <xsl:template match="pom:dependency[pom:artifactId = 'coro4j-android-libraries' or pom:artifactId = 'android-all']"/>
  <xsl:template match="@*|node()">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()"/>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
